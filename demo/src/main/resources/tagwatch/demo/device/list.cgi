#!@BIN@/sh
# Lists a folder of the site.
case "$QUERY_STRING" in
  dir=docs*) folder=@ROOT@/docs ;;
  dir=img*) folder=@ROOT@/img ;;
  *) folder=@ROOT@ ;;
esac
printf 'Content-Type: text/plain\r\n\r\n'
case "$QUERY_STRING" in
  *sort=size) exec ls -l -S "$folder" ;;
  *) exec ls -l "$folder" ;;
esac
