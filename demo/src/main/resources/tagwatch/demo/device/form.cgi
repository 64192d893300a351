#!@BIN@/sh
# Takes a form, keeps it and shows what it understood.
body=$(head -c "${CONTENT_LENGTH:-0}")
printf '%s\n' "$body" > @DATA@/last.txt
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Thank you</h1><dl>\n'
IFS='&'
for pair in $body; do
  value=${pair#*=}
  value=${value//+/ }
  printf '<dt>%s</dt><dd>%b</dd>\n' "${pair%%=*}" "${value//%/\\x}"
done
printf '</dl></body></html>\n'
