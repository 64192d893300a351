#!@BIN@/sh
# The maintenance report: harmless, but training never runs it.
printf 'Content-Type: text/html\r\n\r\n<html><body><h1>Report</h1><pre>\n'
du -s @ROOT@
find @ROOT@/docs -name '*.html' -size +8 | sort | head -n 5 | xargs md5sum
awk '{ lines++ } END { print lines, "lines kept" }' @DATA@/last.txt
printf '</pre><p>end of report</p></body></html>\n'
