#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# In a guest: does Java run, does the runtime start, does the kernel side answer?
PATH=$PATH:$(echo /usr/lib/jvm/*/bin)
result() {
  [ "$1" = 0 ] && echo "ok $2" || echo "not ok $2"
}
/bin/busybox insmod /tests/tagwatch_netlink.ko
result $? "1 - module is loaded"
java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -version >/results/java.log 2>&1
result $? "2 - Java runs"
java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dtagwatch.root=/tagwatch -cp "$(echo /tagwatch/cli/target/cli-*.jar):/tagwatch/cli/target/lib/*" \
  tagwatch.cli.Tagwatch doctor --json >/results/doctor.json 2>/results/doctor.log
grep -q '"findings"' /results/doctor.json
result $? "3 - doctor looks at the guest"
