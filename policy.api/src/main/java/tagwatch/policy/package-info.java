// SPDX-License-Identifier: Apache-2.0
/**
 * SPI of the policies. Policy bundles implement {@link tagwatch.policy.Policy}; the player calls
 * them and implements {@link tagwatch.policy.Detection}.
 */
@Export
@Version("1.1.0")
package tagwatch.policy;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
