// SPDX-License-Identifier: Apache-2.0
/**
 * The host side of an agent: its home folder, its process, and its shell over the Unix socket. Used
 * by the command line and the demo; it needs no framework.
 *
 * <p>The socket has no password. It has mode 0600 in a folder of mode 0700, so only the user that
 * runs the agent, which is root, can open it.
 */
@Export
@Version("1.0.0")
package tagwatch.agent;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
