// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The web page of a small device: documents, a style sheet, a picture, a large file, a form and
 * programs, one of which executes what it is given.
 */
final class DeviceSite extends Site {
  private static final int PAGES = 40;
  private static final String FRONT = "<h1>Device</h1>";

  private enum Kind {
    FRONT(10, 4),
    PAGE(20, 27),
    ASSET(12, 9),
    LARGE(3, 5),
    MISSING(7, 4),
    HEAD(5, 7),
    STATUS(11, 8),
    FORM(13, 16),
    SEARCH(8, 10),
    LIST(5, 4),
    PING(9, 6);

    private final int trainingShare;
    private final int testShare;

    Kind(int trainingShare, int testShare) {
      this.trainingShare = trainingShare;
      this.testShare = testShare;
    }

    private int share(Audience audience) {
      return audience == Audience.TRAINING ? trainingShare : testShare;
    }

    private static Kind draw(Audience audience, Random random) {
      int total = 0;
      for (Kind kind : values()) {
        total += kind.share(audience);
      }
      int ticket = random.nextInt(total);
      for (Kind kind : values()) {
        ticket -= kind.share(audience);
        if (ticket < 0) {
          return kind;
        }
      }
      throw new AssertionError(ticket);
    }
  }

  private final Map<String, Integer> sizes = new HashMap<>();

  /** Writes the site into the folder. */
  DeviceSite(Path folder, PrivateBusybox busybox) throws IOException {
    super(folder);
    Random random = new Random(1);
    page("/index.html", FRONT, 900);
    for (int i = 0; i < PAGES; i++) {
      page(document(i), "<h1>Page " + i + "</h1>", 200 + (int) Math.pow(random.nextInt(35), 3));
    }
    bytes("/style.css", 2_300, random);
    bytes("/print.css", 700, random);
    bytes("/img/logo.png", 18_000, random);
    bytes("/img/map.png", 66_000, random);
    bytes("/manual.bin", 400_000, random);
    bytes("/firmware.bin", 700_000, random);
    Files.writeString(data().resolve("last.txt"), "nobody\n");
    install(
        busybox,
        "device",
        "status.cgi",
        "form.cgi",
        "search.cgi",
        "list.cgi",
        "ping.cgi",
        "maintenance.cgi");
  }

  private static String document(int number) {
    return "/docs/page-" + number + ".html";
  }

  private void page(String name, String heading, int size) throws IOException {
    StringBuilder text = new StringBuilder("<html><body>").append(heading);
    while (text.length() < size) {
      text.append("<p>water pump valve motor blue light gate chapter ").append(text.length());
      text.append("</p>\n");
    }
    file(name, text.append("</body></html>\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  private void bytes(String name, int size, Random random) throws IOException {
    byte[] content = new byte[size];
    random.nextBytes(content);
    file(name, content);
  }

  private void file(String name, byte[] content) throws IOException {
    Path file = root().resolve(name.substring(1));
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    sizes.put(name, content.length);
  }

  @Override
  Visit front() {
    return page("GET", "/", "/index.html", "tagwatch-demo");
  }

  @Override
  List<Visit> visits(Audience audience, int count, long seed) {
    Random random = new Random(seed);
    List<Visit> visits = new ArrayList<>();
    while (visits.size() < count) {
      Kind kind = Kind.draw(audience, random);
      // the test audience comes back to what it just did, training draws each visit anew
      int times = audience == Audience.TEST ? 1 + random.nextInt(3) : 1;
      for (int i = 0; i < times && visits.size() < count; i++) {
        visits.add(visit(kind, audience, random));
      }
    }
    return visits;
  }

  private Visit visit(Kind kind, Audience audience, Random random) {
    String agent = audience.agent(random);
    return switch (kind) {
      case FRONT -> page("GET", "/", "/index.html", agent);
      case PAGE -> page("GET", pageOf(audience, random), agent);
      case HEAD -> page("HEAD", pageOf(audience, random), agent);
      case ASSET -> page("GET", assetOf(audience, random), agent);
      case LARGE -> page("GET", audience == Audience.TEST ? "/firmware.bin" : "/manual.bin", agent);
      case MISSING -> missing(audience, random, agent);
      case STATUS -> program(agent, "status.cgi", statusQuery(random), "Status of");
      case FORM -> form(audience, random, agent);
      case SEARCH -> program(agent, "search.cgi", "q=" + audience.word(random), "Found in");
      case LIST -> program(agent, "list.cgi", listQuery(random), "root");
      case PING -> program(agent, "ping.cgi", pingQuery(audience, random), "1 packets received");
    };
  }

  /** A visit to the program that training never runs. */
  static Visit untrained() {
    return program("tagwatch-demo", "maintenance.cgi", "", "lines kept");
  }

  private Visit page(String method, String name, String agent) {
    return page(method, name, name, agent);
  }

  private Visit page(String method, String target, String name, String agent) {
    // busybox 1.35 answers HEAD with the content, later ones without
    int length = method.equals("HEAD") ? -1 : sizes.get(name);
    String text = target.equals("/") ? FRONT : "";
    return new Visit(new HttpRequest(method, target, agent, "", false), 200, text, length);
  }

  private static Visit missing(Audience audience, Random random, String agent) {
    String target = "/" + audience.word(random) + "/" + audience.name(random) + ".html";
    String escaped = URLEncoder.encode(target, StandardCharsets.UTF_8).replace("%2F", "/");
    return new Visit(new HttpRequest("GET", escaped, agent, "", false), 404, "404", -1);
  }

  private static Visit program(String agent, String name, String query, String text) {
    String target = "/cgi-bin/" + name + (query.isEmpty() ? "" : "?" + query);
    return new Visit(new HttpRequest("GET", target, agent, "", false), 200, text, -1);
  }

  private static Visit form(Audience audience, Random random, String agent) {
    int others = random.nextInt(4);
    String name = audience.name(random);
    StringBuilder body = new StringBuilder("name=").append(encode(name));
    for (int i = 0; i < others; i++) {
      body.append('&').append(audience.word(random)).append('=');
      body.append(encode(audience.words(random, 1 + random.nextInt(30))));
    }
    return new Visit(
        new HttpRequest("POST", "/cgi-bin/form.cgi", agent, body.toString(), random.nextBoolean()),
        200,
        "<dd>" + name + "</dd>",
        -1);
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** Even pages belong to the training, odd ones to the test. */
  private static String pageOf(Audience audience, Random random) {
    return document(2 * random.nextInt(PAGES / 2) + audience.half());
  }

  private static String assetOf(Audience audience, Random random) {
    boolean style = random.nextBoolean();
    return audience == Audience.TEST
        ? (style ? "/print.css" : "/img/map.png")
        : (style ? "/style.css" : "/img/logo.png");
  }

  private static String statusQuery(Random random) {
    return List.of("", "show=memory", "show=disk", "show=uptime").get(random.nextInt(4));
  }

  private static String listQuery(Random random) {
    return List.of("dir=docs", "dir=docs&sort=size", "dir=img", "dir=img&sort=size", "dir=top")
        .get(random.nextInt(5));
  }

  private static String pingQuery(Audience audience, Random random) {
    return "host=127.0." + (1 + audience.half()) + "." + (1 + random.nextInt(250));
  }
}
