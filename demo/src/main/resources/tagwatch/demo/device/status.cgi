#!@BIN@/sh
# How the device is doing.
printf 'Content-Type: text/plain\r\n\r\nStatus of the device\n'
cat /proc/loadavg
case "$QUERY_STRING" in
  *memory*) exec free ;;
  *disk*) exec df @ROOT@ ;;
  *uptime*) exec uptime ;;
  *) exec date ;;
esac
