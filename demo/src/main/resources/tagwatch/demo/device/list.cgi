#!@BIN@/sh
# Lists a folder of the site.
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Files</h1><pre>\n'
case "$QUERY_STRING" in
  dir=docs*) folder=@ROOT@/docs ;;
  dir=img*) folder=@ROOT@/img ;;
  *) folder=@ROOT@ ;;
esac
case "$QUERY_STRING" in
  *sort=size) ls -l -S "$folder" ;;
  *) ls -l "$folder" ;;
esac
printf '</pre><p>end of list</p></body></html>\n'
