;;; SPDX-License-Identifier: BSD-3-Clause
;;;
;;; SBCL: threads that its collector stops by signals, mutexes of futex system calls, timeouts, interrupts, unwinding.
(defvar *lock* (sb-thread:make-mutex))
(defvar *change* (sb-thread:make-waitqueue))
(defvar *turn* 0)

(defun play (me)
  (dotimes (i 50)
    (sb-thread:with-mutex (*lock*)
      (loop until (= (mod *turn* 3) me)
            do (sb-thread:condition-wait *change* *lock*))
      (incf *turn*)
      (sb-thread:condition-broadcast *change*))))

(defun churn ()
  (let (list)
    (dotimes (i 300000) (push i list) (when (zerop (mod i 1000)) (setf list nil)))
    :done))

(mapc #'sb-thread:join-thread
      (loop for n below 3 collect (sb-thread:make-thread #'play :arguments (list n))))
(format t "turn ~a~%" *turn*)
(format t "churn ~a~%" (mapcar #'sb-thread:join-thread
                               (loop repeat 4 collect (sb-thread:make-thread #'churn))))
(sb-ext:gc :full t)
(format t "timeout ~a~%"
        (handler-case (sb-ext:with-timeout 0.05 (sleep 10))
          (sb-ext:timeout () :timed-out)))
(let ((sleeper (sb-thread:make-thread (lambda () (catch 'out (sleep 100) :slept)))))
  (sleep 0.05)
  (sb-thread:interrupt-thread sleeper (lambda () (throw 'out :thrown)))
  (format t "interrupted ~a~%" (sb-thread:join-thread sleeper)))
(format t "child ~a~%" (sb-ext:process-exit-code (sb-ext:run-program "/bin/sh" '("-c" "exit 7"))))
(finish-output)
(sb-ext:exit :code 3)
