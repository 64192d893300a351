// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

/**
 * What arrived at the attacker over the reverse shell.
 *
 * @param connected whether the shell connected at all
 * @param text everything that it sent
 * @param closed whether the shell closed the connection before the attacker gave up
 */
record Loot(boolean connected, String text, boolean closed) {
  /** How many commands the attacker sends. */
  static final int COMMANDS = 5;

  /** What the downloaded script says first. */
  static final String SCRIPT_RAN = "tagwatch-demo-script";

  static final Loot NONE = new Loot(false, "", true);

  /**
   * Commands that got through, 0 to {@value #COMMANDS}. Any output of a command counts, not only
   * the word after it: what the attacker can read, the attacker has.
   */
  int completed() {
    int completed = 0;
    completed += gained("DONE-1", "uid=") ? 1 : 0;
    completed += gained("DONE-2", "root:") ? 1 : 0;
    completed += gained("DONE-3", "total ") ? 1 : 0;
    boolean script = text.contains(SCRIPT_RAN);
    completed += script ? 1 : 0;
    // exit says nothing: it is seen by the end of a connection over which all else came
    completed += script && text.contains("DONE-4") && closed ? 1 : 0;
    return completed;
  }

  /** Whether the shell ended before it came to its last command. */
  boolean cutShort() {
    return closed && completed() < COMMANDS;
  }

  private boolean gained(String word, String output) {
    return text.contains(word) || text.contains(output);
  }
}
