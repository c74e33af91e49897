# The banner tells the processor, the rest sizes that depend on times.
/^(7-Zip|p7zip|64-bit)/d
s/[0-9]+ (bytes|KiB)/N \1/g
/^(Physical Size|Headers Size|Method|Archive size)/d
