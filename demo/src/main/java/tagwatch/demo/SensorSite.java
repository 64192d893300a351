// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A collector of sensor readings: the second server, with a simpler life. */
final class SensorSite extends Site {
  private static final String OVERVIEW = "{\"service\":\"sensors\"}\n";

  /** Writes the site into the folder. */
  SensorSite(Path folder, PrivateBusybox busybox) throws IOException {
    super(folder);
    Files.writeString(root().resolve("index.json"), OVERVIEW);
    install(busybox, "sensor", "latest.cgi", "report.cgi");
  }

  @Override
  Visit front() {
    return new Visit(HttpRequest.get("/index.json"), 200, OVERVIEW, OVERVIEW.length());
  }

  @Override
  List<Visit> visits(Audience audience, int count, long seed) {
    Random random = new Random(seed);
    List<Visit> visits = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int ticket = random.nextInt(10);
      if (ticket < (audience == Audience.TEST ? 3 : 2)) {
        visits.add(front());
      } else if (ticket < 6) {
        visits.add(latest(audience, random));
      } else {
        visits.add(report(audience, random));
      }
    }
    return visits;
  }

  private static Visit latest(Audience audience, Random random) {
    String sensor = audience.word(random) + random.nextInt(100);
    String target = "/cgi-bin/latest.cgi?for=" + sensor;
    return new Visit(HttpRequest.get(target), 200, "readings for " + sensor, -1);
  }

  private static Visit report(Audience audience, Random random) {
    int count = 1 + random.nextInt(5);
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < count; i++) {
      body.append(i == 0 ? "" : "&").append(audience.word(random)).append('=');
      body.append(random.nextInt(10_000));
    }
    HttpRequest request =
        new HttpRequest(
            "POST",
            "/cgi-bin/report.cgi",
            audience.agent(random),
            body.toString(),
            random.nextBoolean());
    return new Visit(request, 200, "{\"accepted\":" + count + "}", -1);
  }
}
