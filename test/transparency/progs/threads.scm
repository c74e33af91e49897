;; SPDX-License-Identifier: BSD-3-Clause
;;
;; Guile: threads, mutexes, conditions, futures, parallel maps; its collector stops threads by signals.
(use-modules (ice-9 threads) (ice-9 futures) (srfi srfi-1))

(define lock (make-mutex))
(define change (make-condition-variable))
(define turn 0)

(define (play me)
  (do ((i 0 (+ i 1))) ((= i 50))
    (with-mutex lock
      (let loop ()
        (unless (= (modulo turn 3) me)
          (wait-condition-variable change lock)
          (loop)))
      (set! turn (+ turn 1))
      (broadcast-condition-variable change))))

(define players (map (lambda (n) (call-with-new-thread (lambda () (play n)))) '(0 1 2)))
(for-each join-thread players)
(format #t "turn ~a\n" turn)
(format #t "par-map ~a\n" (fold + 0 (par-map (lambda (n) (length (make-list n 'x))) (iota 500))))
(format #t "future ~a\n" (touch (future (apply + (iota 10000)))))
(define (churn) (do ((i 0 (+ i 1))) ((= i 200)) (make-vector 10000 i)) 'done)
(format #t "churn ~a\n" (map join-thread (map (lambda (n) (call-with-new-thread churn)) (iota 4))))
(gc)
(let ((pid (primitive-fork)))
  (if (zero? pid)
      (primitive-exit 6)
      (format #t "child ~a\n" (status:exit-val (cdr (waitpid pid))))))
(exit 3)
