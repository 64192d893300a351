// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The report as one HTML file that needs nothing else: words and tables stand in it as text, so
 * that it can be read without scripts; the plots are drawn by Apache ECharts from the JSON in it.
 * Its content security policy lets nothing be loaded, and no script run but those two.
 */
public final class ReportPage {
  private static final String CHARTS = "echarts.common.min.js";
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int DELETE = 0x7f;

  private ReportPage() {}

  /** The page, in UTF-8 when written. */
  public static String of(TrainingReport report) {
    String charts = resource(CHARTS);
    String script = resource("page.js");
    Map<String, Object> content = new TreeMap<>(PageContent.of(report));
    content.put("style", resource("page.css"));
    content.put("charts", charts);
    content.put("script", script);
    content.put("json", report.json());
    content.put("scripts", hash(charts) + " " + hash(script));
    try (Reader template = open("page.mustache")) {
      return Mustache.compiler()
          .emptyStringIsFalse(true)
          .zeroIsFalse(true)
          .withEscaper(ReportPage::escape)
          .compile(template)
          .execute(content);
    } catch (IOException e) {
      throw new UncheckedIOException("the page's template cannot be read", e);
    }
  }

  /**
   * Text as it may stand in HTML, in attributes too. Names come from programs that are watched: a
   * control character or a change of the writing direction would make the page say what is not so,
   * and is shown by its number.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                  if (isDeceptive(c)) {
                    escaped.append(String.format(Locale.ROOT, "\\u%04x", c));
                  } else {
                    escaped.appendCodePoint(c);
                  }
                }
              }
            });
    return escaped.toString();
  }

  private static boolean isDeceptive(int c) {
    return c < FIRST_PRINTABLE
        || (c >= DELETE && c < 0xa0)
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.SURROGATE
        || Character.getType(c) == Character.LINE_SEPARATOR
        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
  }

  /** The name by which a content security policy allows a script. */
  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static Reader open(String name) {
    InputStream stream = ReportPage.class.getResourceAsStream(name);
    if (stream == null) {
      throw new IllegalStateException("the report's jar has no " + name + "; build it again");
    }
    return new InputStreamReader(stream, StandardCharsets.UTF_8);
  }

  private static String resource(String name) {
    try (Reader reader = open(name)) {
      StringBuilder text = new StringBuilder();
      char[] part = new char[1 << 16];
      for (int read = reader.read(part); read >= 0; read = reader.read(part)) {
        text.append(part, 0, read);
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }
}
