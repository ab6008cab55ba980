/** Lists as tables for people, and as JSON and YAML for programs. */
@NullMarked
package io.naru.cli.output;

import org.jspecify.annotations.NullMarked;
