/** The story of both incidents, told with real commands on a lab. */
@NullMarked
package io.naru.cli.demo;

import org.jspecify.annotations.NullMarked;
