#!@BIN@/sh
# Takes a form, writes it into the book and shows what it understood.
body=$(head -c "${CONTENT_LENGTH:-0}")
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Thank you</h1><dl>\n'
IFS='&'
for pair in $body; do
  name=${pair%%=*}
  value=$(httpd -d "${pair#*=}")
  printf '<dt>%s</dt><dd>%s</dd>\n' "$name" "$value"
  printf '%s: %s\n' "$name" "$value" >> @DATA@/book.txt
done
printf '</dl><pre>\n'
tail -n 3 @DATA@/book.txt
printf '</pre><p>end of form</p></body></html>\n'
