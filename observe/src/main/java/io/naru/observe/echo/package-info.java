/** Echo requests of our own, and where on their way they and their answers are seen. */
@NullMarked
package io.naru.observe.echo;

import org.jspecify.annotations.NullMarked;
