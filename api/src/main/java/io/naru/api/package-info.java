/** What crosses an agent's socket: the rows of its lists, its report of itself, and the client. */
@NullMarked
package io.naru.api;

import org.jspecify.annotations.NullMarked;
