// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.nio.file.Path;

/**
 * A program that an agent watches.
 *
 * @param executable tagged file
 * @param tag its tag
 */
record Watched(Path executable, int tag) {}
