#!@BIN@/sh
# Takes a form, writes it into the book and shows what it understood.
body=$(head -c "${CONTENT_LENGTH:-0}")
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Thank you</h1><dl>\n'
IFS='&'
for pair in $body; do
  value=${pair#*=}
  value=${value//+/ }
  printf '<dt>%s</dt><dd>%b</dd>\n' "${pair%%=*}" "${value//%/\\x}"
done
printf '%s\n' "$body" >> @DATA@/book.txt
printf '</dl><pre>\n'
tail -n 2 @DATA@/book.txt
printf '</pre><p>end of form</p></body></html>\n'
