#!/bin/sh
# A walk through the tRPC API with nothing but curl: 15 rapid updates are 15 versions, and a revert
# brings back the text of the first, but not who could see it then.
#
#   sh shell/test-notes.sh http://localhost:3000 [token]
set -eu
url=${1:-http://localhost:3000}
token=${2:-}
id=shell-$(date +%s)-$$

post() { # PATH JSON
  curl -sS --max-time 10 "$url$1" -H 'Content-Type: application/json' ${token:+-H "Authorization: Bearer $token"} -d "$2"
}
ask() { # QUERY JSON
  curl -sS --max-time 10 -G "$url/api/v1/$1" ${token:+-H "Authorization: Bearer $token"} --data-urlencode "input=$2"
}
expect() { # WHAT TEXT: it is in the answer
  case $answer in
  *"$2"*) echo "ok   $1" ;;
  *) printf 'FAIL %s: %s is not in\n     %s\n' "$1" "$2" "$answer" && exit 1 ;;
  esac
}
versions() { # NUMBER
  answer="$(ask getHistory "{\"id\":\"$id\",\"limit\":100}" | grep -o '"version":' | wc -l | tr -d ' ') versions"
  expect "the history has $1 versions" "$1 versions"
}

answer=$(post /api/v1/createNote "{\"id\":\"$id\",\"title\":\"Walk\",\"blob\":{\"text\":\"first\"}}")
expect 'a note is created' '"version":1,'

i=2
while [ $i -le 16 ]; do
  answer=$(post /api/v1/updateNote "{\"id\":\"$id\",\"blob\":{\"text\":\"update $i\"}}")
  expect "update $i is version $i" "\"version\":$i,"
  i=$((i + 1))
done
versions 16
answer=$(ask getVersion "{\"id\":\"$id\",\"version\":7}")
expect 'version 7 has the text of update 7' '"blob":{"text":"update 7"}'

answer=$(post "/api/notes/$id/share" '{"access":"public","members":[{"userId":"bob","role":"write"}]}')
expect 'sharing it is version 17' '"version":17,'

answer=$(post /api/v1/revertToVersion "{\"id\":\"$id\",\"version\":1}")
expect 'reverting to version 1 is version 18' '"version":18,'
expect 'it has the text of version 1' '"blob":{"text":"first"}'
expect 'and the members of today' '"collaborators":["bob"]'
expect 'and is public, as it is today' '"access":"public"'
versions 18
answer=$(ask getVersion "{\"id\":\"$id\",\"version\":18}")
expect 'the history says what it was reverted to' '"meta":{"revertedFrom":1}'

answer=$(ask listNotes '{"limit":50}' | tr '{' '\n' | grep "\"noteId\":\"$id\"")
expect 'the list shows version 18' '"version":18,'
answer=$(post /api/v1/updateNote "{\"id\":\"$id\",\"blob\":0,\"expectedVersion\":17}")
expect 'an update of another version is refused' '"message":"Version mismatch","code":-32009'
