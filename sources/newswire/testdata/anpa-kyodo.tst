a0105KYODOkoko-
u s BC-Ferries   09-12 0344
BC-Ferries
Ferry: Boats run again off Okinawa after strike+
     NAHA, Japan, Dec. 9 Kyodo - Ferries run again off Okinawa, the 
operator said on Sunday, after a strike of nine days.
     "I'm delighted," said the captain.
==Kyodo
KWS-21:37-09-12-18
