// SPDX-License-Identifier: Apache-2.0
/**
 * The 16-bit tag in the {@code .exein} section of an ELF file, 32 and 64 bit, both byte orders, and
 * the GNU build id. Pure Java, no dependencies; consumers call it, nobody implements it.
 */
@Export
@Version("1.0.0")
package tagwatch.elf;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
