// SPDX-License-Identifier: Apache-2.0
/**
 * The player as the shell, the web page and metrics see it: snapshots and orders. Only the player
 * bundle implements it.
 */
@Export
@Version("1.1.0")
package tagwatch.player;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
