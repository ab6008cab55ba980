/** The commands, thin: each asks an agent, a server, or the lab, and prints. */
@NullMarked
package io.naru.cli.command;

import org.jspecify.annotations.NullMarked;
