# A panic names its thread and, with later compilers, its number.
s/thread '([^']*)' \([0-9]+\) panicked/thread '\1' panicked/
