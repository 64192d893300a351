#!@BIN@/sh
# The last readings of a sensor.
sensor=${QUERY_STRING#sensor=}
printf 'Content-Type: application/json\r\n\r\n{"sensor":"%s","readings":[' "$sensor"
tail -n 5 "@DATA@/readings.txt" | awk '{ printf "%s%s", separator, $2; separator = "," }'
printf ']}\n'
