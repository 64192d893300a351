#!@BIN@/sh
# Takes a form, shows what it understood and what came before, and keeps it.
body=$(head -c "${CONTENT_LENGTH:-0}")
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Thank you</h1><dl>\n'
IFS='&'
for pair in $body; do
  value=${pair#*=}
  value=${value//+/ }
  printf '<dt>%s</dt><dd>%b</dd>\n' "${pair%%=*}" "${value//%/\\x}"
done
printf '</dl><p>The one before:</p><pre>\n'
cat @DATA@/last.txt
printf '%s\n' "$body" > @DATA@/last.txt
printf '</pre><p>end of form</p></body></html>\n'
