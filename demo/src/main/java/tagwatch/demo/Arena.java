// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

/**
 * What the demo plays with.
 *
 * @param device the server that is attacked
 * @param sensors the server beside it
 * @param attacker the attacker
 */
record Arena(ProtectedServer device, ProtectedServer sensors, Attacker attacker) {
  boolean serversAlive() {
    return device.alive() && sensors.alive();
  }
}
