// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

/**
 * A recording and what it is to show.
 *
 * @param role what it shows
 * @param recording as the model scored it
 */
public record Subject(Role role, Rehearsed.Recording recording) {}
