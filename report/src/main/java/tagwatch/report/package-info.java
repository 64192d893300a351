// SPDX-License-Identifier: Apache-2.0
/**
 * The report on a model. It takes what the agent's command {@code rehearse} measured, judges it by
 * stated rules and writes it as a page for people and as JSON. Nothing is scored here.
 */
package tagwatch.report;
