# Times, loads, and the order in which finished tests are told.
s/^[0-9]+:[0-9]+:[0-9]+ load avg: [0-9.]+ //
s/\b[0-9]+(\.[0-9]+)? (sec|ms|min)\b/TIME/g
s/([0-9]+ min )?[0-9.]+ s(ec)?\b/TIME/g
s/^(Total duration|Duration):.*/\1/
s/^Ran ([0-9]+) tests? in .*/Ran \1/
s/ (in )?TIME//g
s/slow test.*//
