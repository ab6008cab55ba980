/**
 * From all nodes' evidence to one report: paths, rules, what else is wrong, one verdict a cause.
 */
@NullMarked
package io.naru.core.diagnosis.judge;

import org.jspecify.annotations.NullMarked;
