#!@BIN@/sh
# A sensor reports: name=value pairs become lines of the readings.
body=$(head -c "${CONTENT_LENGTH:-0}")
count=0
IFS='&'
for pair in $body; do
  printf '%s %s\n' "${pair%%=*}" "${pair#*=}" >> "@DATA@/readings.txt"
  count=$((count + 1))
done
printf 'Content-Type: application/json\r\n\r\n{"accepted":%s}\n' "$count"
