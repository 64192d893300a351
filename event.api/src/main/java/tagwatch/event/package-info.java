// SPDX-License-Identifier: Apache-2.0
/**
 * The words that all SPIs share: which task, which hook, which features, which verdict. Value types
 * only; providers and the player use them alike, nobody implements them.
 */
@Export
@Version("1.1.0")
package tagwatch.event;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
