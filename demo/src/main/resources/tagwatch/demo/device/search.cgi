#!@BIN@/sh
# Names the documents that contain a word.
word=$(httpd -d "${QUERY_STRING#q=}")
printf 'Content-Type: text/plain\r\n\r\nFound in\n'
cd @ROOT@/docs && exec grep -l -i -F -e "$word" *.html
