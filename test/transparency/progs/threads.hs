-- SPDX-License-Identifier: BSD-3-Clause
--
-- Haskell's threaded runtime: green threads over capabilities, a timer signal or timerfd, STM, foreign calls that block.
import Control.Concurrent
import Control.Concurrent.MVar
import Control.Exception
import Control.Monad
import System.Exit
import System.IO
import System.Process

main :: IO ()
main = do
  hSetBuffering stdout LineBuffering
  done <- newEmptyMVar
  counter <- newMVar (0 :: Int)
  forM_ [1 .. 100] $ \n -> forkIO $ do
    replicateM_ 20 $ modifyMVar_ counter (return . (+ n)) >> yield
    threadDelay 100
    putMVar done ()
  replicateM_ 100 (takeMVar done)
  readMVar counter >>= print
  result <- newEmptyMVar
  _ <- forkOS (evaluate (sum [1 .. 200000 :: Int]) >>= putMVar result)
  takeMVar result >>= print
  victim <- forkIO (threadDelay 100000000 `catch` \e -> putMVar done () >> throwIO (e :: AsyncException))
  threadDelay 10000
  killThread victim
  takeMVar done
  putStrLn "killed"
  (code, out, _) <- readProcessWithExitCode "/bin/sh" ["-c", "echo child; exit 6"] ""
  print (code, out)
  exitWith (ExitFailure 3)
