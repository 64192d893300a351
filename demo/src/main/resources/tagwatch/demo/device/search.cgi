#!@BIN@/sh
# Looks for a word in the documents.
word=$(httpd -d "${QUERY_STRING#q=}")
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Found in</h1><pre>\n'
cd @ROOT@/docs && grep -l -i -F -e "$word" *.html
printf '</pre><p>end of search</p></body></html>\n'
