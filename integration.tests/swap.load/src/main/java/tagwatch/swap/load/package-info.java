// SPDX-License-Identifier: Apache-2.0
/**
 * Load, swaps under load, and a witness that counts on its own. For tests and measurements: it runs
 * inside the framework that it tests.
 */
@Export
@Version("1.0.0")
package tagwatch.swap.load;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
