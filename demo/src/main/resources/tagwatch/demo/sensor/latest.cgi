#!@BIN@/sh
# The last readings.
printf 'Content-Type: text/plain\r\n\r\nreadings for %s\n' "${QUERY_STRING#for=}"
exec tail -n 3 @DATA@/readings.txt
