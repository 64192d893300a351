#!@BIN@/sh
# A sensor reports: name=value pairs become the readings.
printf 'Content-Type: application/json\r\n\r\n'
exec awk -v RS='&' '{ print > "@DATA@/readings.txt" } END { printf "{\"accepted\":%d}\n", NR }'
