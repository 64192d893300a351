#!@BIN@/sh
# How the device is doing.
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Status</h1><pre>\n'
uname -sr
uptime
printf 'load '; cat /proc/loadavg
case "$QUERY_STRING" in
  *memory*) free ;;
  *disk*) df @ROOT@ ;;
  *) date ;;
esac
printf '</pre><p>end of status</p></body></html>\n'
