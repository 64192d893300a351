#!@BIN@/sh
# The hole: the parameter reaches eval as it came, so `host=127.0.0.1;any command` runs any command.
host=$(httpd -d "${QUERY_STRING#host=}")
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Reachable?</h1><pre>\n'
eval "ping -c 1 -W 1 $host" 2>&1
printf '</pre><p>end of ping</p></body></html>\n'
