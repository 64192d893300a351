// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;

/**
 * One way to attack.
 *
 * @param name for option and table
 * @param what it does, for a person
 * @param tag of the attacked server
 * @param goals how many things the attacker wants
 * @param atOnce whether all runs go on side by side, because one takes long
 * @param deed carries it out
 */
record Attack(String name, String what, int tag, int goals, boolean atOnce, Deed deed) {
  /** Carries an attack out once. */
  @FunctionalInterface
  interface Deed {
    /**
     * Attacks.
     *
     * @param run tells the runs apart
     * @return how many goals were reached
     */
    int carryOut(int run) throws IOException, DemoException, InterruptedException;
  }
}
