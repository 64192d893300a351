// SPDX-License-Identifier: Apache-2.0
/**
 * How good a detector is, without the detector's own opinion: learns from normal traces, calibrates
 * on parts of them that it left out, scores others, and compares with simple methods. Engines are
 * handed in; nobody implements anything here.
 */
@Export
@Version("1.0.0")
package tagwatch.evaluation;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
