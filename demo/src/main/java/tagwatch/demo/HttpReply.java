// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a server answered.
 *
 * @param status e.g. 200
 * @param headers the head as it came, with the names in lower case
 * @param body text of the content, read as UTF-8
 * @param length bytes of the content
 */
record HttpReply(int status, String headers, String body, int length) {
  static HttpReply parse(byte[] bytes) throws IOException {
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = latin.indexOf("\r\n\r\n");
    String[] words = latin.substring(0, Math.max(end, 0)).split("\\s+", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("\\d{3}")) {
      throw new IOException("not an HTTP answer: " + bytes.length + " bytes");
    }
    int from = end + 4;
    String body = new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    return new HttpReply(
        Integer.parseInt(words[1]),
        latin.substring(0, end).toLowerCase(Locale.ROOT),
        body,
        bytes.length - from);
  }
}
