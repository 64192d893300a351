#!@BIN@/sh
# How the device is doing.
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Status</h1><pre>\n'
cat /proc/loadavg
case "$QUERY_STRING" in
  *memory*) free ;;
  *disk*) df @ROOT@ ;;
  *uptime*) uptime ;;
  *) date ;;
esac
printf '</pre><p>end of status</p></body></html>\n'
