#!@BIN@/sh
# The last readings: of the only sensor that is always there.
printf 'Content-Type: text/plain\r\n\r\nreadings for %s\n' "${QUERY_STRING#for=}"
exec cat /proc/loadavg
