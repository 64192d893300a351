// SPDX-License-Identifier: Apache-2.0
/** Measurements of the agent as it is shipped, side by side in one run. */
package tagwatch.bench;
