#!@BIN@/sh
# The last readings.
printf 'Content-Type: text/plain\r\n\r\nreadings for %s\n' "${QUERY_STRING#for=}"
exec cat @DATA@/readings.txt
