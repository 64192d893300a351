// SPDX-License-Identifier: Apache-2.0
/**
 * Transport {@code exein-netlink}: the Exein protocol over whatever message channel there is; see
 * {@code docs/protocol.md}.
 *
 * <p>Three layers: flyweights lay structures over bytes; {@code Line}, {@code Pages}, {@code
 * Registrar} and {@code LegacyLine} ask and answer; the rest speaks of tasks, images and verdicts.
 */
package tagwatch.protocol;
