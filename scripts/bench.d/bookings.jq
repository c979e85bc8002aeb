# The canonical mapping for jq 1.6, for scripts/bench: jq -nrR -f bookings.jq DUMP > rows.csv
#
# Lines are read as text, so that one that is no JSON is a reject and not the end. A rejected line goes to standard
# error (`stderr` writes it as a JSON string). Numbers are doubles, and there is no zone but UTC: the offset is
# subtracted by hand, and Bogota is five hours behind.

def email: test("^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$");

def day:
  (.[0:19] + "Z" | fromdateiso8601) as $local
  | .[19:] as $rest
  | (if $rest == "Z" then 0
     else ($rest[1:3] | tonumber) * 3600 + ($rest[4:6] | tonumber) * 60
       | if $rest[0:1] == "-" then -. else . end
     end) as $offset
  | $local - $offset - 5 * 3600
  | strftime("%d/%m/%Y");

def amount:
  (tonumber * 100 + 0.5 | floor | tostring) as $cents
  | if ($cents | length) < 3 then "0." + ("00" + $cents)[-2:] else $cents[:-2] + "." + $cents[-2:] end;

def row:
  if .guest_email | email then .guest_email else error("e-mail") end,
  (.booking_date | day),
  (.total_usd | amount),
  ({"DBL": "Doble", "SGL": "Single"}[.room_type_code] // error("room")),
  ({"CNF": "Confirmada", "PND": "Pendiente", "CXL": "Cancelada"}[.status] // error("status"));

"ContactEmail,FechaReserva,MontoTotalUSD,TipoHabitacion,EstadoReserva",
(inputs as $line
 | try ($line | fromjson | [row] | join(","))
   catch ($line | stderr | empty))
