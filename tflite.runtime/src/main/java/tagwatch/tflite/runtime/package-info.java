// SPDX-License-Identifier: Apache-2.0
/**
 * Loads TensorFlow Lite's natives; the bindings themselves are the {@code org.bytedeco} packages of
 * this bundle. Engines call, nobody implements.
 */
@Export
@Version("1.0.0")
package tagwatch.tflite.runtime;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
