# SPDX-License-Identifier: Apache-2.0
# Many calls, and children that come and go.
while true; do
  read -r line < /proc/self/stat
  (read -r line < /proc/self/status)
done
