#!@BIN@/sh
# Looks for a word in the documents.
word=$(httpd -d "${QUERY_STRING#q=}")
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Found</h1><ul>\n'
grep -l -i -F -e "$word" @ROOT@/docs/*.html | sed 's,.*/\(.*\),<li>\1</li>,'
printf '</ul><p>end of search</p></body></html>\n'
